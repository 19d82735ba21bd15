namespace Freshet.Broker.Access;

/// <summary>Who a client is: a type, which is User, and a name.</summary>
internal sealed record Principal(string Type, string Name)
{
    public const string UserType = "User";

    /// <summary>Who asks without having said who they are.</summary>
    public static Principal Anonymous { get; } = User("ANONYMOUS");

    public static Principal User(string name) => new(UserType, name);

    public override string ToString() => $"{Type}:{Name}";

    /// <summary>Reads <c>Type:name</c>; null when it is not written so.</summary>
    public static Principal? Parse(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon + 1 < text.Length ? new Principal(text[..colon], text[(colon + 1)..]) : null;
}
