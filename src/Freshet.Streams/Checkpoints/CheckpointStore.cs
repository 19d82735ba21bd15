using System.Globalization;
using System.IO.Hashing;
using Freshet.Storage.Files;
using Freshet.Streams.State;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Checkpoints;

/// <summary>
/// Checkpoints in a folder, one file each: <c>checkpoint-N</c>, which is there whole or not at all. Layout: docs/formats/checkpoint.md.
/// </summary>
internal sealed class CheckpointStore(string folder, int keep, ILogger logger)
{
    private const string Prefix = "checkpoint-";
    private const int Magic = 0x50434646; // "FFCP", little-endian
    private const int Version = 1;

    /// <summary>Writes a checkpoint, and deletes those that are too old to be wanted.</summary>
    /// <exception cref="IOException">The disk refuses; the older ones stay.</exception>
    public async ValueTask SaveAsync(long id, IReadOnlyList<SavedState> states, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        // The older ones go only when this one and its name are on disk: DurableFile returns after both, and after an error of either not at all.
        ReadOnlyMemory<byte> checkpoint = Encode(states);
        await Task.Run(() => DurableFile.Create(PathOf(id), checkpoint.Span), cancellation).ConfigureAwait(false);
        foreach ((long old, string path) in Find().SkipLast(keep))
        {
            StreamsLog.CheckpointDeleted(logger, old);
            File.Delete(path);
        }
    }

    /// <summary>The newest checkpoint that is whole; a damaged one is passed over with a warning.</summary>
    /// <exception cref="TopologyException">There are checkpoints, but none is whole.</exception>
    public RestoredCheckpoint Load()
    {
        (long Id, string Path)[] found = [.. Find().Reverse()];
        foreach ((long id, string path) in found)
        {
            try
            {
                return new RestoredCheckpoint(id, Decode(File.ReadAllBytes(path)));
            }
            catch (InvalidDataException damage)
            {
                StreamsLog.CheckpointDamaged(logger, path, damage.Message);
            }
        }

        return found.Length == 0
            ? RestoredCheckpoint.None
            : throw new TopologyException($"None of the {found.Length} checkpoints in {folder} is whole. Delete or move the folder to begin anew, without their state.");
    }

    private static ReadOnlyMemory<byte> Encode(IReadOnlyList<SavedState> states)
    {
        var writer = new StateWriter();
        writer.WriteInt32(Magic);
        writer.WriteInt32(Version);
        writer.WriteInt32(KeyGroups.Count);
        writer.WriteCount(states.Count);
        foreach (SavedState saved in states)
        {
            writer.WriteString(saved.Component);
            writer.WriteInt32(saved.Task);
            saved.State.Write(writer);
        }

        writer.WriteInt64((long)XxHash3.HashToUInt64(writer.Written.Span));
        return writer.Written;
    }

    private static List<SavedState> Decode(ReadOnlySpan<byte> file)
    {
        if (file.Length < sizeof(long) || new StateReader(file[^sizeof(long)..]).ReadInt64() != (long)XxHash3.HashToUInt64(file[..^sizeof(long)]))
        {
            throw new InvalidDataException("its checksum does not match");
        }

        var reader = new StateReader(file[..^sizeof(long)]);
        if (reader.ReadInt32() != Magic || reader.ReadInt32() != Version || reader.ReadInt32() != KeyGroups.Count)
        {
            throw new InvalidDataException("it is not a checkpoint of this version");
        }

        var states = new List<SavedState>();
        for (int left = reader.ReadCount(); left > 0; left--)
        {
            states.Add(new SavedState(reader.ReadString(), reader.ReadInt32(), ComponentState.Read(ref reader)));
        }

        return states;
    }

    private IEnumerable<(long Id, string Path)> Find() => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, Prefix + "*")
            .Select(path => (Id: long.TryParse(Path.GetFileName(path)[Prefix.Length..], CultureInfo.InvariantCulture, out long id) ? id : 0, path))
            .Where(entry => entry.Id > 0)
            .OrderBy(entry => entry.Id);

    private string PathOf(long id) => Path.Combine(folder, Prefix + id.ToString(CultureInfo.InvariantCulture));
}
