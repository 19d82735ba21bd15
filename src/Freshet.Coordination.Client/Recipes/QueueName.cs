using System.Globalization;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>The name of a place in a queue: <c>{guid}-{number}</c>, or <c>{guid}-shared-{number}</c> for one that may be held together with others.</summary>
/// <param name="Number">The server's number of the place: the order of the queue.</param>
internal readonly record struct QueueName(string Text, int Number, bool IsShared)
{
    private const string Shared = "shared-";

    /// <summary>A GUID in its shortest form, and a dash.</summary>
    private const int GuidLength = 33;

    /// <summary>A name's part before the number that nobody else has.</summary>
    public static string NewPrefix(bool shared) => $"{Guid.NewGuid():N}-{(shared ? Shared : "")}";

    /// <summary>A queue's places, first to last. Foreign names are ignored.</summary>
    public static IEnumerable<QueueName> InOrder(IEnumerable<string> names) =>
        names.Select(Parse).OfType<QueueName>().OrderBy(name => name.Number);

    private static QueueName? Parse(string text)
    {
        if (text.Length <= GuidLength || text[GuidLength - 1] != '-')
        {
            return null;
        }

        ReadOnlySpan<char> rest = text.AsSpan(GuidLength);
        bool shared = rest.StartsWith(Shared, StringComparison.Ordinal);
        return int.TryParse(shared ? rest[Shared.Length..] : rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? new QueueName(text, number, shared)
            : null;
    }
}
