using System.Text;

namespace Freshet.Cli.Shell;

/// <summary>Cuts a line into words: blanks separate, single and double quotes keep blanks, a backslash keeps the next character.</summary>
internal static class Words
{
    public static string[] Of(string line)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char at = line[i];
            if (at == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                (word ??= new()).Append(line[++i]);
            }
            else if (quote != '\0' ? at == quote : at is '\'' or '"')
            {
                // An empty pair of quotes is a word too.
                word ??= new();
                quote = quote == '\0' ? at : '\0';
            }
            else if (quote == '\0' && char.IsWhiteSpace(at))
            {
                End(words, ref word);
            }
            else
            {
                (word ??= new()).Append(at);
            }
        }

        if (quote != '\0')
        {
            throw new ShellException($"The quote {quote} is not closed.");
        }

        End(words, ref word);
        return [.. words];
    }

    private static void End(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
            word = null;
        }
    }
}
