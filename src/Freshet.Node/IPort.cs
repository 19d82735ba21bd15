namespace Freshet.Node;

/// <summary>A bound TCP port whose connections are handed on. Disposing it stops accepting, closes what is open and waits for the handlers.</summary>
internal interface IPort : IAsyncDisposable
{
    /// <summary>Its number, also when a free one was asked for.</summary>
    int Number { get; }
}
