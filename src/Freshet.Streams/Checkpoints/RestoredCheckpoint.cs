using Freshet.Streams.State;

namespace Freshet.Streams.Checkpoints;

/// <summary>The checkpoint that a run goes on from, divided anew among tasks whose number may have changed.</summary>
internal sealed class RestoredCheckpoint(long id, IReadOnlyList<SavedState> states)
{
    /// <summary>A first start: nothing to restore.</summary>
    public static RestoredCheckpoint None { get; } = new(0, []);

    public long Id => id;

    /// <summary>What one task takes over: key groups and spout positions of all former tasks, and what was its own.</summary>
    /// <exception cref="TopologyException">The parallelism has changed and the component has state that is not divided by keys.</exception>
    public ComponentState For(string component, int task, int tasks)
    {
        SavedState[] former = [.. states.Where(state => state.Component == component)];
        var restored = new ComponentState();
        foreach (SavedState saved in former)
        {
            foreach (((string name, int group), ReadOnlyMemory<byte> bytes) in saved.State.Parts)
            {
                if (group != ComponentState.NoGroup || ComponentState.IsPosition(name))
                {
                    restored.Add(name, group, bytes);
                }
                else if (former.Length != tasks)
                {
                    throw new TopologyException(
                        $"'{component}' had {former.Length} tasks at the last checkpoint and keeps state per task, so it cannot start with {tasks}. " +
                        "Keep its parallelism, put its state behind a key grouping, or start without the checkpoint.");
                }
                else if (saved.Task == task)
                {
                    restored.Add(name, group, bytes);
                }
            }
        }

        return restored;
    }
}
