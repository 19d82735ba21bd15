using Freshet.Storage.Files;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Storage.Log.Segments;

/// <summary>The file of a segment's batches. It is opened when it is first needed: a log of many closed segments costs little.</summary>
internal sealed class SegmentFile(string path) : IDisposable
{
    private SafeFileHandle? _handle;
    private bool _hasRest;

    /// <summary>Whether reading batches has failed before.</summary>
    public bool HasFailedRead { get; private set; }

    public string Path { get; private set; } = path;

    public SafeFileHandle Handle => _handle ?? Open();

    /// <summary>Fills the destination from a position.</summary>
    /// <exception cref="LogCorruptException">The file has become shorter.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Read(int position, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(Handle, destination, position);
                if (read == 0)
                {
                    throw new LogCorruptException(Path, position, "the file is shorter than what was written");
                }

                position += read;
                destination = destination[read..];
            }
        }
        catch (IOException)
        {
            HasFailedRead = true;
            throw;
        }
    }

    /// <summary>Writes behind what is there.</summary>
    /// <param name="end">Where that ends. What a failed write leaves behind it is taken back: a closed segment ends where its last batch does.</param>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Append(ReadOnlySpan<byte> bytes, int end)
    {
        try
        {
            RandomAccess.Write(Handle, bytes, end);
        }
        catch (IOException)
        {
            _hasRest = true;
            TryCut(end);
            throw;
        }
    }

    /// <summary>Takes back what a failed write left, unless that was done at once.</summary>
    /// <exception cref="IOException">The disk refuses that too.</exception>
    public void CutRest(int end)
    {
        if (_hasRest)
        {
            Cut(end);
        }
    }

    public void Cut(int end)
    {
        RandomAccess.SetLength(Handle, end);
        _hasRest = false;
    }

    public void Flush() => DataSync.Flush(Handle);

    public void Rename(string to)
    {
        File.Move(Path, to);
        Path = to;
    }

    public void Dispose() => _handle?.Dispose();

    private void TryCut(int end)
    {
        try
        {
            Cut(end);
        }
        catch (IOException)
        {
            // Tried again before the segment is closed. Until then the next append writes over it, and a start cuts it off.
        }
    }

    private SafeFileHandle Open()
    {
        SafeFileHandle opened = File.OpenHandle(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        SafeFileHandle? first = Interlocked.CompareExchange(ref _handle, opened, null);
        if (first is not null)
        {
            opened.Dispose();
        }

        return first ?? opened;
    }
}
