namespace Freshet.Coordination.Connections;

/// <summary>Any action as a piece of sequenced work, for what is too rare to have a class of its own.</summary>
internal sealed class SequencedAction(Action action) : ISequenced
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the action has run.</summary>
    public Task Done => _done.Task;

    public void Run()
    {
        try
        {
            action();
        }
        finally
        {
            _done.SetResult();
        }
    }
}
