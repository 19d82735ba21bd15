using System.CommandLine;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet coordination</c>: the coordination service alone.</summary>
internal static class CoordinationCommand
{
    // Read by .NET when it opens the first socket. Fits this process alone: see docs/decisions/waiting-threads-sleep.md.
    private const string SocketsCallBackOnTheirThread = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static Command Create()
    {
        var flags = new CoordinationFlags();
        var command = new Command("coordination", "Runs the ZooKeeper-compatible coordination service.");
        flags.AddTo(command);
        LogFlags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            InvocationConfiguration console = parsed.InvocationConfiguration;
            Environment.SetEnvironmentVariable(SocketsCallBackOnTheirThread, "1");
            try
            {
                var settings = flags.Read(parsed);
                return await ServiceProcess.RunAsync(settings.Options, settings.Warnings, LogFlags.Read(parsed), console, stop);
            }
            catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                await console.Error.WriteLineAsync($"freshet: {wrong.Message}");
                return 1;
            }
        });
        return command;
    }
}
