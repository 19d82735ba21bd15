namespace Freshet.Node;

/// <summary>Where a node keeps its data: a folder that stays, or a temporary one that goes with the node.</summary>
internal sealed class NodeFolder : IAsyncDisposable
{
    private readonly string _path;

    private NodeFolder(string path, bool isTemporary)
    {
        _path = path;
        IsTemporary = isTemporary;
    }

    public bool IsTemporary { get; }

    public static NodeFolder Open(string? path, bool ephemeral)
    {
        if (path is not null && !ephemeral)
        {
            return new NodeFolder(Create(path), isTemporary: false);
        }

        return new NodeFolder(Create(Path.Combine(path ?? Path.GetTempPath(), $"freshet-{Guid.NewGuid():N}")), isTemporary: true);
    }

    /// <summary>The folder of one service.</summary>
    public string Of(string service) => Path.Combine(_path, service);

    public ValueTask DisposeAsync()
    {
        if (IsTemporary)
        {
            Directory.Delete(_path, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <exception cref="IOException">It cannot be; the message says why.</exception>
    private static string Create(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The data directory {path} cannot be made: {refused.Message} Name another one, or give this process the right to write there.", refused);
        }
    }
}
