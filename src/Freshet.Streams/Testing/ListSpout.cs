using System.Buffers.Binary;

namespace Freshet.Streams.Testing;

/// <summary>A spout over a list, for tests: it repeats exactly after a restart. With several tasks each takes every n-th item.</summary>
/// <typeparam name="T">The tuples.</typeparam>
/// <param name="items">The input.</param>
/// <param name="perCall">Tuples emitted per call, so that checkpoints can fall between them.</param>
public sealed class ListSpout<T>(IReadOnlyList<T> items, int perCall = 16) : ISpout<T>
{
    private string _unit = "";
    private int _task;
    private int _tasks = 1;
    private int _next;

    /// <inheritdoc/>
    public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        (_task, _tasks, _unit) = (context.TaskIndex, context.TaskCount, $"{context.TaskIndex}/{context.TaskCount}");
        if (context.RestoredPositions.TryGetValue(_unit, out ReadOnlyMemory<byte> position))
        {
            _next = BinaryPrimitives.ReadInt32LittleEndian(position.Span);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<SpoutStatus> NextAsync(IEmitter<T> output, CancellationToken interrupt)
    {
        ArgumentNullException.ThrowIfNull(output);
        for (int emitted = 0; emitted < perCall; emitted++, _next++)
        {
            int index = (_next * _tasks) + _task;
            if (index >= items.Count)
            {
                return ValueTask.FromResult(SpoutStatus.Ended);
            }

            output.Emit(items[index]);
        }

        return ValueTask.FromResult(SpoutStatus.Emitted);
    }

    /// <inheritdoc/>
    public void SavePositions(PositionWriter positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        Span<byte> position = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(position, _next);
        positions.Save(_unit, position);
    }

    /// <inheritdoc/>
    public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
