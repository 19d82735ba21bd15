namespace Freshet.Broker.Tests.Groups.Mixed;

/// <summary>A client that is a member of the group.</summary>
internal interface IMember
{
    string Id { get; }

    /// <summary>Partitions of the topic that it reads now.</summary>
    HashSet<int> Owned { get; }

    /// <summary>Does what is next for it: one request, or to take an answer in.</summary>
    void Step();

    void Leave();

    /// <summary>The broker has started anew: answers that it waited for do not come.</summary>
    void LoseConnection();
}
