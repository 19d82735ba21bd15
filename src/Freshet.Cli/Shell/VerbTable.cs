namespace Freshet.Cli.Shell;

/// <summary>Every verb there is.</summary>
internal static class VerbTable
{
    public static IReadOnlyList<Verb> All { get; } = [.. ReadVerbs.All, .. WriteVerbs.All, .. QuotaVerbs.All, .. SessionVerbs.All];

    public static Verb Find(string name) =>
        All.FirstOrDefault(verb => verb.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ShellException($"There is no verb '{name}'; 'help' lists them.");
}
