using Freshet.Tests.Support;

namespace Freshet.Tidy.Tests;

/// <summary>The files of the checkout that people wrote, by path relative to its root.</summary>
internal static class Sources
{
    private static readonly string[] NotOurs = ["artifacts", "bin", "obj", "node_modules", ".git"];

    public static IReadOnlyList<string> All { get; } =
        [.. Walk(RepositoryRoot.Path).Select(file => Path.GetRelativePath(RepositoryRoot.Path, file)).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> CSharp => All.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<string> Product => CSharp.Where(file => file.StartsWith("src/", StringComparison.Ordinal));

    public static string Text(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, file));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(RepositoryRoot.Path, file));

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder).Concat(Directory.EnumerateDirectories(folder)
            .Where(child => !NotOurs.Contains(Path.GetFileName(child)))
            .SelectMany(Walk));
}
