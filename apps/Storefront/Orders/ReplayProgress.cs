namespace Storefront.Orders;

/// <summary>How far the replay of an invoice log is.</summary>
/// <param name="EventTime">Time of the newest row sent.</param>
/// <param name="LastRejected">The newest rows that could not be used, a few at most.</param>
internal readonly record struct ReplayProgress(
    long Rows, long Rejected, DateTimeOffset EventTime, bool IsDone, IReadOnlyList<RejectedRow> LastRejected);

/// <param name="Line">Line number in the file, from 1.</param>
internal readonly record struct RejectedRow(long Line, string Reason);
