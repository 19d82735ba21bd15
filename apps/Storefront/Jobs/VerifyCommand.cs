using System.CommandLine;

namespace Storefront.Jobs;

/// <summary><c>verify</c>: compares what the retail topology comes to with a plain LINQ computation, also after kills.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Option<string> file = JobOptions.File();
        Option<string?> data = JobOptions.Data();
        Option<double?> speed = JobOptions.Speed();
        var kills = new Option<int>("--kills") { Description = "How often each job is also killed with -9 in the middle and restarted.", DefaultValueFactory = _ => 0 };
        var seed = new Option<int?>("--seed") { Description = "Same seed, same points of the kills. Without it they are random." };
        var command = new Command("verify", "Checks best sellers, revenue and co-purchases of a whole invoice log against LINQ.") { file, data, kills, speed, seed };
        command.SetAction((parsed, stop) => JobOptions.InFolderAsync(
            parsed.GetValue(data),
            folder => new RetailVerification(parsed.GetValue(file)!, folder, parsed.GetValue(speed), parsed.InvocationConfiguration.Output)
                .RunAsync(parsed.GetValue(kills), parsed.GetValue(seed) ?? Random.Shared.Next(), stop)));
        return command;
    }
}
