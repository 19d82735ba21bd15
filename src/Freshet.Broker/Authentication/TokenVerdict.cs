namespace Freshet.Broker.Authentication;

/// <summary>Whose a token is, or why it is not taken.</summary>
internal sealed record TokenVerdict(string? User, DateTimeOffset? ValidUntil, string? Failure);
