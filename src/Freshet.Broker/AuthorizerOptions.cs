namespace Freshet.Broker;

/// <summary>Who may do what, beyond the access rules that are kept in the coordination service.</summary>
public sealed class AuthorizerOptions
{
    /// <summary>Whether permission is asked at all. Once it is, what no rule allows is denied. Off by default, as in Kafka.</summary>
    public bool IsOn { get; set; }

    /// <summary>Those who may do everything, each as <c>User:name</c>. Someone must make the first rules.</summary>
    public IReadOnlyCollection<string> SuperUsers { get; set; } = [];

    /// <summary>Whether everyone may use what has no rules at all. Kafka's allow.everyone.if.no.acl.found; off by default.</summary>
    public bool AllowsEveryoneWithoutRules { get; set; }
}
