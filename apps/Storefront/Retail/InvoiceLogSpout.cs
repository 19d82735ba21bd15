using System.Buffers.Binary;
using System.Globalization;
using Freshet.Streams;
using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>
/// An invoice log as bounded input, without a broker. Each task reads the whole file and takes every n-th invoice line; its position is
/// a line number. The lines of an invoice may come from several tasks, which the watermark makes wait for each other.
/// </summary>
internal sealed class InvoiceLogSpout(string file) : ISpout<InvoiceLine>
{
    private const int LinesPerCall = 256;

    private IEnumerator<InvoiceLine> _lines = null!;
    private string _unit = "";
    private long _lastLine;

    public ValueTask OpenAsync(SpoutContext context, CancellationToken cancellation)
    {
        _unit = string.Create(CultureInfo.InvariantCulture, $"task {context.TaskIndex} of {context.TaskCount}");
        if (context.RestoredPositions.TryGetValue(_unit, out ReadOnlyMemory<byte> saved))
        {
            _lastLine = BinaryPrimitives.ReadInt64LittleEndian(saved.Span);
        }

        long read = _lastLine;
        _lines = InvoiceLog.Read(file, new RejectedRows())
            .Where(line => line.Line > read && line.Line % context.TaskCount == context.TaskIndex)
            .GetEnumerator();
        return ValueTask.CompletedTask;
    }

    public ValueTask<SpoutStatus> NextAsync(IEmitter<InvoiceLine> output, CancellationToken interrupt)
    {
        for (int i = 0; i < LinesPerCall; i++)
        {
            if (!_lines.MoveNext())
            {
                return ValueTask.FromResult(SpoutStatus.Ended);
            }

            _lastLine = _lines.Current.Line;
            output.Emit(_lines.Current);
        }

        return ValueTask.FromResult(SpoutStatus.Emitted);
    }

    public void SavePositions(PositionWriter positions)
    {
        Span<byte> position = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(position, _lastLine);
        positions.Save(_unit, position);
    }

    public ValueTask CheckpointCompletedAsync(long checkpointId, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _lines?.Dispose();
        return ValueTask.CompletedTask;
    }
}
