namespace Storefront.Invoices;

/// <summary>A row of an invoice log that could not be understood.</summary>
/// <param name="Line">Its line number, the header being line 1.</param>
/// <param name="Reason">What is wrong with it, for the person who mends the file.</param>
public readonly record struct RejectedRow(long Line, string Reason);

/// <summary>Rows set aside while an invoice log is read: all are counted, the first ones are kept, and a file may take each as it stands.</summary>
public sealed class RejectedRows
{
    /// <summary>Rows kept in memory: enough to see what is wrong, few enough for a file in which every row is.</summary>
    public const int Kept = 1_000;

    /// <summary>A reason quotes the field that is wrong; a field may be as long as the file.</summary>
    private const int LongestReason = 200;

    private readonly TextWriter? _setAside;
    private readonly Lock _lock = new();
    private readonly List<RejectedRow> _first = [];
    private RejectedRow? _last;
    private long _count;

    /// <summary>Starts with no rows.</summary>
    /// <param name="setAside">Takes "line number: reason" and the row itself, a line each; flushed and closed by its owner.</param>
    public RejectedRows(TextWriter? setAside = null) => _setAside = setAside;

    /// <summary>How many rows were rejected.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>The newest rejected row, null when there is none.</summary>
    public RejectedRow? Last
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>The first rejected rows, at most <see cref="Kept"/>.</summary>
    public IReadOnlyList<RejectedRow> First
    {
        get
        {
            lock (_lock)
            {
                return [.. _first];
            }
        }
    }

    internal void Add(long line, string reason, string text)
    {
        lock (_lock)
        {
            var row = new RejectedRow(line, reason.Length > LongestReason ? reason[..LongestReason] : reason);
            _last = row;
            _count++;
            if (_first.Count < Kept)
            {
                _first.Add(row);
            }

            _setAside?.WriteLine($"line {line}: {reason}");
            _setAside?.WriteLine(text);
        }
    }
}
