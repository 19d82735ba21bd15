namespace Freshet.Broker.Groups.Consumers;

/// <summary>The assignors that members can ask for.</summary>
internal static class ServerAssignors
{
    private static readonly IServerAssignor[] All = [new UniformAssignor(), new RangeAssignor()];

    /// <summary>Used when nobody wishes for another.</summary>
    public static IServerAssignor Default => All[0];

    public static string Names => string.Join(", ", All.Select(assignor => assignor.Name));

    public static IServerAssignor? Find(string name) => Array.Find(All, assignor => assignor.Name == name);

    /// <summary>The one that most members wish for.</summary>
    public static IServerAssignor MostWished(IEnumerable<string?> wishes) =>
        wishes.OfType<string>().GroupBy(name => name).MaxBy(name => name.Count()) is { } most ? Find(most.Key) ?? Default : Default;
}
