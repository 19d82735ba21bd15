namespace Freshet.Streams;

/// <summary>How a topology runs.</summary>
public sealed class RunOptions
{
    /// <summary>Folder of the checkpoints; a run goes on from the newest one there. Null takes no checkpoints: after a restart the run begins anew.</summary>
    public string? CheckpointDirectory { get; set; }

    /// <summary>Time between the start of one checkpoint and the next. Shorter repeats less after a failure, longer costs less.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many complete checkpoints are kept; more than one, so that a damaged file is no loss.</summary>
    public int KeptCheckpoints { get; set; } = 2;
}
