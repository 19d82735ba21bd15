using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace Freshet.Cli.Commands;

/// <summary>The options that the service commands share, so that one flag means one thing everywhere.</summary>
internal static class ServiceOptions
{
    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder of everything the service keeps; created when missing.",
    };

    public static Option<IPAddress> Address(string name = "--address") => new(name)
    {
        Description = "Address to listen on. Anything but loopback is open to the network without authentication.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
            {
                return address;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not an IP address. Example: {name} 127.0.0.1");
            return null;
        },
    };

    public static Option<IPAddress> HttpAddress()
    {
        Option<IPAddress> option = Address("--http-address");
        option.Description = "Address of the HTTP pages. They show what clients do and ask for no permission.";
        return option;
    }

    public static Option<int> Port(string name, int byDefault, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result => CheckPort(name, result.GetValueOrDefault<int>(), result));
        return option;
    }

    public static Option<int?> OptionalPort(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result => CheckPort(name, result.GetValueOrDefault<int?>() ?? 0, result));
        return option;
    }

    public static Option<Uri?> ClientTelemetry() => new("--client-telemetry")
    {
        Description = "OpenTelemetry collector, such as http://127.0.0.1:4318, that gets what Kafka clients measure of themselves; subscriptions say what.",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out Uri? address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            {
                return address;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not the address of a collector. Example: --client-telemetry http://127.0.0.1:4318");
            return null;
        },
    };

    private static void CheckPort(string name, int port, OptionResult result)
    {
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            result.AddError($"{name} must be from 0 (any free port) to {IPEndPoint.MaxPort}.");
        }
    }
}
