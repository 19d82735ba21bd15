using System.CommandLine;

namespace Storefront.Jobs;

/// <summary>Options that the job and its verification share.</summary>
internal static class JobOptions
{
    public static Option<string> File()
    {
        var file = new Option<string>("--file") { Description = "The invoice log, .csv or .csv.gz.", Required = true };
        file.Validators.Add(result =>
        {
            if (!System.IO.File.Exists(result.GetValueOrDefault<string>()))
            {
                result.AddError($"There is no file '{result.GetValueOrDefault<string>()}'.");
            }
        });
        return file;
    }

    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder of the broker's data and of the checkpoints. Without it a temporary one is used and deleted.",
    };

    public static Option<double?> Speed()
    {
        var speed = new Option<double?>("--speed") { Description = "Seconds of the log that are replayed in one second. Without it as fast as it goes." };
        speed.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0)
            {
                result.AddError("--speed is above zero.");
            }
        });
        return speed;
    }

    /// <summary>Runs something in the folder, or in a temporary one that goes with it.</summary>
    public static async Task<int> InFolderAsync(string? folder, Func<string, Task<int>> run)
    {
        string used = folder ?? Directory.CreateTempSubdirectory("storefront-").FullName;
        try
        {
            return await run(used).ConfigureAwait(false);
        }
        finally
        {
            if (folder is null)
            {
                Directory.Delete(used, recursive: true);
            }
        }
    }
}
