using System.Text.RegularExpressions;
using Freshet.Tests.Support;

namespace Freshet.Tidy.Tests;

/// <summary>What every file must be: short, about one idea, and free of this or that machine.</summary>
public partial class FileTests(ITestOutputHelper output)
{
    /// <summary>House style is under 150 lines; past 400 a file surely holds two ideas; this limit only stops the absurd.</summary>
    private const int MaxLines = 600;

    [Fact]
    public void No_file_is_absurdly_long()
    {
        (string File, int Lines)[] byLength = [.. Sources.CSharp.Select(file => (file, Sources.Lines(file).Length)).OrderByDescending(entry => entry.Length)];
        foreach ((string file, int lines) in byLength.TakeWhile(entry => entry.Lines > 300))
        {
            output.WriteLine($"{lines,5} {file}");
        }

        output.WriteLine($"median {byLength[byLength.Length / 2].Lines} lines over {byLength.Length} files");
        Assert.DoesNotContain(byLength, entry => entry.Lines > MaxLines);
    }

    [Fact]
    public void No_name_says_nothing()
    {
        Regex saysNothing = SaysNothing();
        Assert.DoesNotContain(Sources.CSharp, file => saysNothing.IsMatch(Path.GetFileNameWithoutExtension(file)));
        Assert.DoesNotContain(Sources.All, file => saysNothing.IsMatch(Path.GetFileName(Path.GetDirectoryName(file)!)));
    }

    [Fact]
    public void No_file_names_a_machine()
    {
        Regex machine = MachinePaths();
        Assert.DoesNotContain(Sources.All, file => IsText(file) && machine.IsMatch(Sources.Text(file)));
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        string[] broken =
        [
            .. from file in Sources.All.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
               from Match link in MarkdownLinks().Matches(Sources.Text(file))
               let target = link.Groups["target"].Value
               where !target.Contains("://", StringComparison.Ordinal)
               let path = Path.Combine(RepositoryRoot.Path, Path.GetDirectoryName(file)!, target)
               where !File.Exists(path) && !Directory.Exists(path)
               select $"{file} -> {target}",
        ];
        Assert.Empty(broken);
    }

    [Fact]
    public void The_map_of_the_architecture_is_true()
    {
        HashSet<string> places = [.. Sources.All.SelectMany(EndsOf)];
        string[] lost =
        [
            .. from Match place in MapPlaces().Matches(Sources.Text("ARCHITECTURE.md"))
               let name = place.Groups["place"].Value
               where name.Contains('/', StringComparison.Ordinal) && !places.Contains(name.TrimEnd('/'))
               select name,
        ];
        Assert.Empty(lost);

        // Everything by which the map may name a file or one of its folders: "a/b/C.cs" is also "b/C" and "b".
        static IEnumerable<string> EndsOf(string file)
        {
            string[] parts = Path.ChangeExtension(file, null).Split('/');
            return from end in Enumerable.Range(1, parts.Length)
                   from start in Enumerable.Range(0, end)
                   select string.Join('/', parts[start..end]);
        }
    }

    private static bool IsText(string file) => Path.GetExtension(file) is not (".png" or ".jpg" or ".ico" or ".gz" or ".woff2");

    [GeneratedRegex("(Utils?|Common|Helpers?|Manager|Misc)$")]
    private static partial Regex SaysNothing();

    // Spelled so that this file does not match itself.
    [GeneratedRegex("/(root|home)/[a-z.]|/wor[k]/|nuget[.]or[g]/v3|registry[.]npmj[s]")]
    private static partial Regex MachinePaths();

    // In backticks; patterns such as *Operation are left out.
    [GeneratedRegex(@"`(?<place>[A-Za-z./]+)`")]
    private static partial Regex MapPlaces();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex MarkdownLinks();
}
