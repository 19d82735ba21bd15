namespace Freshet.Coordination.Client.Watches;

/// <summary>What a watch waits for, and where.</summary>
/// <param name="Path">As the server has it.</param>
internal sealed record WatchKey(WatchKind Kind, string Path);
