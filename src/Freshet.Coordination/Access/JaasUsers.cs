using System.Text;

namespace Freshet.Coordination.Access;

/// <summary>
/// Users and passwords in a JAAS file as ZooKeeper servers have it: lines <c>user_NAME="password"</c> in one
/// section, usually <c>Server { ... };</c>. Everything else in the file is for Java only and passed over.
/// </summary>
internal static class JaasUsers
{
    private const string UserPrefix = "user_";

    /// <param name="section">The section with the users.</param>
    /// <exception cref="InvalidDataException">The file has no section of that name, or a string in it does not end.</exception>
    public static Dictionary<string, string> Read(string path, string section)
    {
        List<string> tokens = Split(File.ReadAllText(path), path);
        int start = -1;
        for (int i = 0; i + 1 < tokens.Count && start < 0; i++)
        {
            start = tokens[i] == section && tokens[i + 1] == "{" ? i + 2 : -1;
        }

        if (start < 0)
        {
            throw new InvalidDataException($"{path} has no section \"{section} {{ ... }};\", which would hold the users as user_NAME=\"password\".");
        }

        Dictionary<string, string> users = [];
        for (int i = start; i + 2 < tokens.Count && tokens[i] != "}"; i++)
        {
            if (tokens[i].StartsWith(UserPrefix, StringComparison.Ordinal) && tokens[i + 1] == "=")
            {
                users[tokens[i][UserPrefix.Length..]] = tokens[i + 2];
            }
        }

        return users;
    }

    /// <summary>Words, strings without their quotes, and single marks; comments are left out.</summary>
    private static List<string> Split(string text, string path)
    {
        List<string> tokens = [];
        for (int at = 0; at < text.Length;)
        {
            char first = text[at];
            if (text.AsSpan(at).StartsWith("//") || first == '#')
            {
                at = EndOf(text, "\n", at);
            }
            else if (text.AsSpan(at).StartsWith("/*"))
            {
                at = EndOf(text, "*/", at);
            }
            else if (first == '"')
            {
                tokens.Add(TakeString(text, ref at) ?? throw new InvalidDataException($"{path} has a string that does not end."));
            }
            else if (IsWord(first))
            {
                int start = at;
                while (at < text.Length && IsWord(text[at]))
                {
                    at++;
                }

                tokens.Add(text[start..at]);
            }
            else
            {
                if (!char.IsWhiteSpace(first))
                {
                    tokens.Add(first.ToString());
                }

                at++;
            }
        }

        return tokens;
    }

    private static string? TakeString(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        return at++ < text.Length ? value.ToString() : null;
    }

    private static int EndOf(string text, string mark, int from) =>
        text.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and int at ? at + mark.Length : text.Length;

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or '.' or '-' or '@' or '$';
}
