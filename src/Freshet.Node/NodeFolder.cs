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
            return new NodeFolder(Directory.CreateDirectory(path).FullName, isTemporary: false);
        }

        string parent = Directory.CreateDirectory(path ?? Path.GetTempPath()).FullName;
        return new NodeFolder(Directory.CreateDirectory(Path.Combine(parent, $"freshet-{Guid.NewGuid():N}")).FullName, isTemporary: true);
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
}
