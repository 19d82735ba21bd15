namespace Storefront.Hosting;

/// <summary>Parts of the program that are stopped together, the newest first.</summary>
internal sealed class OwnedParts : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();

    public T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }
    }
}
