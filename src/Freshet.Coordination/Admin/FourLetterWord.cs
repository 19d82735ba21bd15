using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Freshet.Coordination.Admin.Words;
using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Admin;

/// <summary>
/// The words that scripts and monitoring send instead of a first frame. Read as a frame's length, each would be far above
/// any limit, so they cannot be confused with one (ZooKeeper administration, four letter words).
/// </summary>
internal static class FourLetterWord
{
    public const int Length = 4;
    private const string SetTraceMask = "stmk";
    private const string Alive = "imok";
    private const string NotServing = "null";
    private const string Unavailable = "This ZooKeeper instance is not currently serving requests";

    private static readonly Dictionary<string, WordAnswer> Answers = new()
    {
        ["ruok"] = (_, output) => output.Write(Alive),
        ["isro"] = (server, output) => output.Write(!server.IsServing ? NotServing : server.Writes.IsFull ? "ro" : "rw"),
        ["srvr"] = StatusWords.Srvr,
        ["stat"] = StatusWords.Stat,
        ["mntr"] = MonitorWord.Mntr,
        ["conf"] = ConfigurationWord.Conf,
        ["cons"] = ConnectionWords.Cons,
        ["crst"] = ConnectionWords.Crst,
        ["srst"] = StatusWords.Srst,
        ["dump"] = DumpWord.Dump,
        ["envi"] = EnvironmentWord.Envi,
        ["wchs"] = WatchWords.Wchs,
        ["wchc"] = WatchWords.Wchc,
        ["wchp"] = WatchWords.Wchp,
        ["hash"] = HashWord.Hash,
        ["dirs"] = ConfigurationWord.Dirs,
        ["gtmk"] = (server, output) => output.Write(server.TraceMask),
        [SetTraceMask] = (server, output) => output.Write(server.TraceMask),
    };

    /// <summary>Words that need no state of the server, and are answered whatever its condition.</summary>
    private static readonly HashSet<string> AlwaysAnswered = ["ruok", "isro", "envi", "gtmk", SetTraceMask];

    private static readonly Dictionary<string, WordAnswer>.AlternateLookup<ReadOnlySpan<char>> BySpan = Answers.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every word there is.</summary>
    public static IReadOnlyCollection<string> All => Answers.Keys;

    /// <summary>Whether a fresh connection begins with a word. Anything else is a client's frame.</summary>
    public static bool Begins(ReadOnlySequence<byte> input) => Find(input) is not null;

    /// <summary>Takes the word off the start; false while the argument behind it is not all here.</summary>
    public static bool TryTake(ref ReadOnlySequence<byte> input, out string word, out long argument)
    {
        (word, argument) = (Find(input)!, 0);
        int length = word == SetTraceMask ? Length + sizeof(long) : Length;
        if (input.Length < length)
        {
            return false;
        }

        if (word == SetTraceMask)
        {
            Span<byte> mask = stackalloc byte[sizeof(long)];
            input.Slice(Length, sizeof(long)).CopyTo(mask);
            argument = BinaryPrimitives.ReadInt64BigEndian(mask);
        }

        input = input.Slice(length);
        return true;
    }

    /// <summary>Writes the answer as text without a frame around it.</summary>
    public static void Answer(string word, long argument, CoordinationServer server, JuteWriter output)
    {
        using var text = new BoundedText(server.Options.MaxWordAnswerBytes);
        if (!IsAllowed(word, server.Options.FourLetterWords))
        {
            text.WriteLine(Refusal(word));
        }
        else if (!server.IsServing && !AlwaysAnswered.Contains(word))
        {
            text.WriteLine(Unavailable);
        }
        else
        {
            server.TraceMask = word == SetTraceMask ? argument : server.TraceMask;
            Answers[word](server, text);
        }

        text.CopyTo(output);
    }

    /// <summary>The answer of a server that is still starting.</summary>
    public static string AnswerWhileStarting(string word, IReadOnlyCollection<string> allowed) =>
        !IsAllowed(word, allowed) ? Refusal(word) + "\n"
        : word switch { "ruok" => Alive, "isro" => NotServing, _ => Unavailable + "\n" };

    private static string Refusal(string word) => $"{word} is not executed because it is not in the whitelist.";

    private static bool IsAllowed(string word, IReadOnlyCollection<string> allowed) => allowed.Contains(word) || allowed.Contains("*");

    private static string? Find(ReadOnlySequence<byte> input)
    {
        if (input.Length < Length)
        {
            return null;
        }

        Span<byte> first = stackalloc byte[Length];
        input.Slice(0, Length).CopyTo(first);
        Span<char> word = stackalloc char[Length];
        return Ascii.ToUtf16(first, word, out _) == OperationStatus.Done && BySpan.TryGetValue(word, out string? known, out _) ? known : null;
    }
}
