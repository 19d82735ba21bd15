using Freshet.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Indexes;

/// <summary>
/// A file of entries of one size that only grows. The newest entries wait in memory and go to the file a page at a time, so
/// that an append seldom makes a system call and an open partition costs little. Readers and the writer may use it at once.
/// </summary>
internal abstract class IndexFile(string path, int entrySize) : IDisposable
{
    private const int TailBytes = 4096;

    private readonly Lock _lock = new();
    private string _path = path;
    private byte[] _tail = [];
    private SafeFileHandle? _file;
    private int _onDisk = File.Exists(path) ? (int)(new FileInfo(path).Length / entrySize) : 0;
    private int _inTail;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _onDisk + _inTail;
            }
        }
    }

    /// <summary>Writes what waits in memory, and forces it to disk when asked.</summary>
    public void Flush(bool force)
    {
        lock (_lock)
        {
            Spill();
            if (force && _file is not null)
            {
                DataSync.Flush(_file);
            }
        }
    }

    /// <summary>Gives the memory back; the index of a closed segment grows no more.</summary>
    public void Seal()
    {
        lock (_lock)
        {
            Spill();
            _tail = [];
        }
    }

    /// <summary>Opens the file, so that it can be read after its name is gone.</summary>
    public void HoldOpen()
    {
        lock (_lock)
        {
            Open();
        }
    }

    /// <summary>Gives the file another name.</summary>
    public void Rename(string to)
    {
        lock (_lock)
        {
            Open(); // An index without entries has no file yet.
            File.Move(_path, to, overwrite: true);
            _path = to;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
        }
    }

    /// <summary>Forgets all entries.</summary>
    public void Clear() => Truncate(0);

    /// <summary>Makes room for an entry, so that appending it cannot fail.</summary>
    /// <exception cref="IOException">The disk refuses; nothing has changed.</exception>
    public void MakeRoom()
    {
        lock (_lock)
        {
            if (_tail.Length == 0)
            {
                _tail = new byte[TailBytes / entrySize * entrySize];
            }

            if (_inTail * entrySize == _tail.Length)
            {
                Spill();
            }
        }
    }

    protected void Append(ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            MakeRoom();
            entry.CopyTo(_tail.AsSpan(_inTail * entrySize));
            _inTail++;
        }
    }

    protected void Read(int number, Span<byte> entry)
    {
        lock (_lock)
        {
            ReadLocked(number, entry);
        }
    }

    /// <summary>Number of leading entries for which the condition holds; it holds for none after the first it fails for.</summary>
    protected int CountWhile(Func<ReadOnlySpan<byte>, bool> condition)
    {
        Span<byte> entry = stackalloc byte[entrySize];
        lock (_lock)
        {
            int low = 0;
            int high = _onDisk + _inTail;
            while (low < high)
            {
                int middle = low + ((high - low) / 2);
                ReadLocked(middle, entry);
                if (condition(entry))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }

    /// <summary>Whether each entry may follow the one before it: what was damaged at rest seldom does. Reads the whole file.</summary>
    /// <param name="follows">Says so of an entry and the one before it, which is empty for the first.</param>
    protected bool AllFollow(Func<ReadOnlySpan<byte>, ReadOnlySpan<byte>, bool> follows)
    {
        lock (_lock)
        {
            byte[] entries = new byte[(_onDisk + _inTail) * entrySize];
            Span<byte> stored = entries.AsSpan(0, _onDisk * entrySize);
            if (_onDisk > 0 && RandomAccess.Read(Open(), stored, 0) != stored.Length)
            {
                return false;
            }

            _tail.AsSpan(0, _inTail * entrySize).CopyTo(entries.AsSpan(stored.Length));
            for (int at = 0; at < entries.Length; at += entrySize)
            {
                if (!follows(entries.AsSpan(at, entrySize), at == 0 ? [] : entries.AsSpan(at - entrySize, entrySize)))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Forgets all entries from this one on.</summary>
    protected void Truncate(int count)
    {
        lock (_lock)
        {
            _inTail = Math.Clamp(count - _onDisk, 0, _inTail);
            if (count < _onDisk)
            {
                _onDisk = count;
                RandomAccess.SetLength(Open(), (long)count * entrySize);
            }
        }
    }

    private void ReadLocked(int number, Span<byte> entry)
    {
        if (number >= _onDisk)
        {
            _tail.AsSpan((number - _onDisk) * entrySize, entrySize).CopyTo(entry);
        }
        else if (RandomAccess.Read(Open(), entry, (long)number * entrySize) != entrySize)
        {
            throw new LogCorruptException(_path, (long)number * entrySize, "the file is shorter than when it was opened");
        }
    }

    private void Spill()
    {
        if (_inTail > 0)
        {
            RandomAccess.Write(Open(), _tail.AsSpan(0, _inTail * entrySize), (long)_onDisk * entrySize);
            _onDisk += _inTail;
            _inTail = 0;
        }
    }

    private SafeFileHandle Open() =>
        _file ??= File.OpenHandle(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
}
