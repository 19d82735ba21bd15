namespace Freshet.Streams;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Tuples flow.</summary>
    Running,

    /// <summary>All input has ended and everything of it is through.</summary>
    Completed,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>User code threw, or a checkpoint could not be written.</summary>
    Failed,
}
