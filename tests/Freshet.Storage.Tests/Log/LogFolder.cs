namespace Freshet.Storage.Tests.Log;

/// <summary>What a partition's folder may hold while its log is closed.</summary>
internal static class LogFolder
{
    private static readonly string[] OnlyWhileWorking = [".cleaned", ".swap", ".deleted", ".tmp"];

    /// <summary>Nothing is left of work that a crash cut short, and every index has its segment.</summary>
    public static void AssertTidy(string folder)
    {
        string[] files = Directory.GetFiles(folder);
        Assert.DoesNotContain(files, file => OnlyWhileWorking.Contains(Path.GetExtension(file)));
        Assert.All(
            files.Where(file => Path.GetExtension(file) is ".index" or ".timeindex"),
            index => Assert.True(File.Exists(Path.ChangeExtension(index, ".log")), $"{index} has no segment"));
    }
}
