using System.Globalization;
using System.Net;

namespace Freshet.Node.Configuration;

/// <summary>One line of a zoo.cfg, and how its value is read.</summary>
internal readonly record struct ConfigurationEntry(string File, int Line, string Key, string Value)
{
    /// <summary>Values that no message may show.</summary>
    private bool IsSecret =>
        Key.Contains("password", StringComparison.OrdinalIgnoreCase) || Key.Contains("jaas", StringComparison.OrdinalIgnoreCase) || Key.EndsWith("superDigest", StringComparison.OrdinalIgnoreCase)
        || Key.EndsWith("keystore.key", StringComparison.OrdinalIgnoreCase);

    /// <summary>The error of a value that cannot be used.</summary>
    /// <param name="whatToDo">A sentence that tells what would be right.</param>
    public InvalidDataException Wrong(string whatToDo) =>
        new(Note($"'{(IsSecret ? "..." : Value)}' cannot be used. {whatToDo}"));

    /// <summary>A message about this line.</summary>
    public string Note(string message) => $"{File}, line {Line}: {Key}: {message}";

    /// <exception cref="InvalidDataException">The value is no whole number or outside the range.</exception>
    public int Number(int least, int most)
    {
        bool isHex = Value.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isNumber = isHex
            ? int.TryParse(Value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int number)
            : int.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        return isNumber && number >= least && number <= most
            ? number
            : throw Wrong($"It must be a whole number from {least} to {most}.");
    }

    public int Port() => Number(0, IPEndPoint.MaxPort);

    /// <exception cref="InvalidDataException">The value is none of yes, no, true and false.</exception>
    public bool Switch() => Value.ToUpperInvariant() switch
    {
        "YES" or "TRUE" => true,
        "NO" or "FALSE" => false,
        _ => throw Wrong("It must be yes or no (or true or false)."),
    };

    /// <exception cref="InvalidDataException">The value is neither an IP address nor a name that resolves to one.</exception>
    public IPAddress Address()
    {
        try
        {
            return IPAddress.TryParse(Value, out IPAddress? address) ? address : Dns.GetHostAddresses(Value)[0];
        }
        catch (Exception failure) when (failure is System.Net.Sockets.SocketException or ArgumentException or IndexOutOfRangeException)
        {
            throw Wrong("It must be an IP address of this machine, such as 127.0.0.1, or a name that resolves to one.");
        }
    }

    /// <exception cref="InvalidDataException">The value is empty.</exception>
    public string Path() => Value.Length > 0 ? System.IO.Path.GetFullPath(Value) : throw Wrong("It must name a path.");
}
