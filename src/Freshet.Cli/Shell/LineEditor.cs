namespace Freshet.Cli.Shell;

/// <summary>Reads a line from a terminal, with arrow keys, history and completion.</summary>
/// <param name="screen">The terminal, for writing.</param>
/// <param name="prompt">What stands before the line.</param>
/// <param name="history">Lines to go back to, oldest first.</param>
/// <param name="complete">What a text may go on as: whole new lines that begin with it.</param>
internal sealed class LineEditor(
    TextWriter screen, string prompt, IReadOnlyList<string> history, Func<string, ValueTask<IReadOnlyList<string>>> complete)
{
    private string _line = "";
    private int _at;
    private int _past = history.Count;

    /// <summary>The line, or null when the input is over (Ctrl+D on an empty line).</summary>
    public async ValueTask<string?> ReadAsync()
    {
        Draw();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                screen.WriteLine();
                return _line;
            }

            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && _line.Length == 0)
            {
                screen.WriteLine();
                return null;
            }

            if (key.Key == ConsoleKey.Tab)
            {
                await CompleteAsync();
            }
            else
            {
                Edit(key);
            }

            Draw();
        }
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _at = Math.Max(0, _at - 1);
                break;
            case ConsoleKey.RightArrow:
                _at = Math.Min(_line.Length, _at + 1);
                break;
            case ConsoleKey.Home:
                _at = 0;
                break;
            case ConsoleKey.End:
                _at = _line.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(_past - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_past + 1);
                break;
            case ConsoleKey.Backspace when _at > 0:
                _line = _line.Remove(--_at, 1);
                break;
            case ConsoleKey.Delete when _at < _line.Length:
                _line = _line.Remove(_at, 1);
                break;
            default:
                Insert(key.KeyChar);
                break;
        }
    }

    private void Insert(char letter)
    {
        if (!char.IsControl(letter))
        {
            _line = _line.Insert(_at++, letter.ToString());
        }
    }

    private void Recall(int past)
    {
        if (past >= 0 && past <= history.Count)
        {
            _past = past;
            _line = past == history.Count ? "" : history[past];
            _at = _line.Length;
        }
    }

    /// <summary>Goes on as far as all candidates agree, and lists them when they differ.</summary>
    private async ValueTask CompleteAsync()
    {
        IReadOnlyList<string> candidates = await complete(_line[.._at]);
        if (candidates.Count == 0)
        {
            return;
        }

        string common = candidates.Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);
        if (common.Length > _at)
        {
            _line = common + _line[_at..];
            _at = common.Length;
        }
        else if (candidates.Count > 1)
        {
            screen.WriteLine();
            screen.WriteLine(string.Join("  ", candidates.Select(LastWord)));
        }
    }

    private static string LastWord(string line) => line[(line.TrimEnd().LastIndexOf(' ') + 1)..];

    private void Draw() => screen.Write($"\r\x1b[K{prompt}{_line}\r\x1b[{prompt.Length + _at}C");
}
