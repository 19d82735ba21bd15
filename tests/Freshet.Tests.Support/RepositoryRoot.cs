namespace Freshet.Tests.Support;

/// <summary>Finds files of the checkout that the tests run from.</summary>
public static class RepositoryRoot
{
    /// <summary>The folder that holds Freshet.slnx.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(System.IO.Path.Combine(folder, "Freshet.slnx"))
            ? folder
            : Find(Directory.GetParent(folder)?.FullName ?? throw new InvalidOperationException("Freshet.slnx not found above the test."));
}
