using Freshet.Streams.Checkpoints;
using Microsoft.Extensions.Logging;

namespace Freshet.Streams.Runtime;

/// <summary>Turns a topology into tasks joined by channels.</summary>
internal sealed class RunAssembly(Topology topology, RestoredCheckpoint restored, ILogger logger, TimeProvider time, CancellationToken failed)
{
    private readonly Dictionary<Component, Inbox[]> _inboxes = [];
    private readonly List<TaskMetrics> _metrics = [];
    private readonly List<IAsyncDisposable> _owned = [];

    public RestoredCheckpoint Restored => restored;

    public ILogger Logger => logger;

    /// <summary>One entry for each task of each component.</summary>
    public IReadOnlyList<TaskMetrics> Metrics => _metrics;

    public IReadOnlyList<IAsyncDisposable> Owned => _owned;

    public List<SpoutControl> Spouts { get; } = [];

    /// <summary>Makes every task. Senders come before receivers, because a receiver's inbox is complete only when all channels to it are made.</summary>
    public List<ITaskLoop> CreateTasks(Action spoutEnded)
    {
        var tasks = new List<ITaskLoop>();
        foreach (SpoutComponent spout in topology.Components.OfType<SpoutComponent>())
        {
            for (int index = 0; index < spout.Parallelism; index++)
            {
                var control = new SpoutControl();
                Spouts.Add(control);
                tasks.Add(spout.CreateTask(this, index, control, spoutEnded));
            }
        }

        // A component is described after everything that leads to it, so this order meets senders first.
        foreach (Component component in topology.Components)
        {
            if (_inboxes.TryGetValue(component, out Inbox[]? inboxes))
            {
                tasks.AddRange(inboxes.Select((inbox, index) => ((IConsumerComponent)component).CreateTask(this, index, inbox)));
            }
        }

        return tasks;
    }

    public TaskFlow CreateFlow(WakeSignal wake) => new(wake, time, failed);

    /// <summary>Makes a channel from one task to each task of the component.</summary>
    public InboxChannel[] ChannelsTo(Component consumer)
    {
        if (!_inboxes.TryGetValue(consumer, out Inbox[]? inboxes))
        {
            inboxes = [.. Enumerable.Range(0, consumer.Parallelism).Select(_ => new Inbox())];
            _inboxes.Add(consumer, inboxes);
        }

        return [.. inboxes.Select(inbox => inbox.AddChannel())];
    }

    public TaskMetrics MetricsOf(Component component, int taskIndex)
    {
        var metrics = new TaskMetrics(component.Id, taskIndex);
        _metrics.Add(metrics);
        return metrics;
    }

    public T Own<T>(T part)
        where T : IAsyncDisposable
    {
        _owned.Add(part);
        return part;
    }
}
