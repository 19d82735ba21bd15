using Microsoft.Extensions.Logging;

namespace Freshet.Streams;

/// <summary>Everything the engine logs.</summary>
internal static partial class StreamsLog
{
    [LoggerMessage(1, LogLevel.Information, "Topology '{Topology}' goes on from checkpoint {Checkpoint} (0: a first start).")]
    public static partial void Started(ILogger logger, string topology, long checkpoint);

    [LoggerMessage(2, LogLevel.Information, "Topology '{Topology}' has ended: {Status}.")]
    public static partial void Ended(ILogger logger, string topology, RunStatus status);

    [LoggerMessage(3, LogLevel.Error, "Topology '{Topology}' has failed.")]
    public static partial void Failed(ILogger logger, Exception failure, string topology);

    [LoggerMessage(4, LogLevel.Debug, "Checkpoint {Checkpoint} of '{Topology}' is complete.")]
    public static partial void CheckpointCompleted(ILogger logger, string topology, long checkpoint);

    [LoggerMessage(5, LogLevel.Debug, "Checkpoint {Checkpoint} is deleted: newer ones are complete.")]
    public static partial void CheckpointDeleted(ILogger logger, long checkpoint);

    [LoggerMessage(6, LogLevel.Warning, "Checkpoint {Path} is passed over: {Reason}. An older one is used.")]
    public static partial void CheckpointDamaged(ILogger logger, string path, string reason);
}
