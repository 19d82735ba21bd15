namespace Freshet.Streams;

/// <summary>A topology is not valid, cannot be restored, or has failed; the inner exception is what user code threw.</summary>
public sealed class TopologyException : Exception
{
    /// <param name="message">What is wrong, and what to do.</param>
    public TopologyException(string message)
        : base(message)
    {
    }

    /// <param name="message">What is wrong, and where.</param>
    /// <param name="cause">What user code threw.</param>
    public TopologyException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
