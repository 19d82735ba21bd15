using Storefront.Invoices;

namespace Storefront.Retail;

/// <summary>
/// Writes an invoice log to its topic, at a pace or as fast as it goes. Started again, also after a crash, it goes on behind what
/// the topic already holds. Progress may be read from any thread.
/// </summary>
public sealed class InvoiceReplay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly InvoiceTopic _topic;
    private readonly string _file;
    private readonly TimeProvider _time;
    private readonly double? _speed;
    private long _rows;
    private long _eventTime;

    private InvoiceReplay(InvoiceTopic topic, string file, double? speed, TextWriter? setAside, TimeProvider time)
    {
        (_topic, _file, _speed, _time) = (topic, file, speed, time);
        Rejected = new RejectedRows(setAside);
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Completes when the log is in the topic; fails when the file cannot be read or the broker does not take it.</summary>
    public Task Completion { get; }

    /// <summary>Whether the whole log is in the topic.</summary>
    public bool IsDone => Completion.IsCompletedSuccessfully;

    /// <summary>Rows of the log that are in the topic or on the way, those of earlier runs included.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Rows that could not be understood.</summary>
    public RejectedRows Rejected { get; }

    /// <summary>Time of the newest row; null before the first.</summary>
    public DateTimeOffset? EventTime => Interlocked.Read(ref _eventTime) is > 0 and long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Starts a replay.</summary>
    /// <param name="topic">Where the lines go.</param>
    /// <param name="file">The log, .csv or .csv.gz.</param>
    /// <param name="speed">How many seconds of the log pass in one second; null is as fast as it goes.</param>
    /// <param name="setAside">Takes the rows that could not be understood.</param>
    /// <param name="time">The clock; the system's when null.</param>
    public static InvoiceReplay Start(InvoiceTopic topic, string file, double? speed = null, TextWriter? setAside = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(file);
        Check(speed);
        return new InvoiceReplay(topic, file, speed, setAside, time ?? TimeProvider.System);
    }

    internal static void Check(double? speed)
    {
        if (speed is <= 0 or double.NaN)
        {
            throw new ArgumentOutOfRangeException(nameof(speed), speed, "The speed of a replay is above zero, or null for as fast as it goes.");
        }
    }

    /// <summary>Stops the replay where it is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        long[] replayed = await ReplayedLines.FindAsync(_topic).ConfigureAwait(false);
        await using var producer = new InvoiceProducer(_topic);
        Pace? pace = null;
        foreach (InvoiceLine line in InvoiceLog.Read(_file, Rejected))
        {
            _stop.Token.ThrowIfCancellationRequested();
            if (line.Line > replayed[_topic.PartitionOf(line.InvoiceNo).Partition])
            {
                pace ??= new Pace(_time, _speed, line.Time);
                await pace.WaitUntilDueAsync(line.Time, _stop.Token).ConfigureAwait(false);
                await producer.PostAsync(line, _stop.Token).ConfigureAwait(false);
            }

            Interlocked.Increment(ref _rows);
            Interlocked.Exchange(ref _eventTime, line.Time.UtcTicks);
        }

        await producer.FlushAsync(_stop.Token).ConfigureAwait(false);
    }

    /// <summary>Turns times of the log into times of the clock.</summary>
    private sealed class Pace(TimeProvider time, double? speed, DateTimeOffset firstTime)
    {
        private readonly long _started = time.GetTimestamp();

        public async ValueTask WaitUntilDueAsync(DateTimeOffset lineTime, CancellationToken cancellation)
        {
            if (speed is not double factor)
            {
                return;
            }

            TimeSpan wait = ((lineTime - firstTime) / factor) - time.GetElapsedTime(_started);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            }
        }
    }
}
