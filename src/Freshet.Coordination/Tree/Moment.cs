namespace Freshet.Coordination.Tree;

/// <summary>When a transaction happened: its place in the log, and the wall clock when it was decided.</summary>
/// <param name="Zxid">Strictly increasing along the log.</param>
/// <param name="Time">Milliseconds since the Unix epoch.</param>
internal readonly record struct Moment(long Zxid, long Time);
