using System.Globalization;
using System.Text;
using Freshet.Coordination.Client;
using Freshet.Protocol.Jute;

namespace Freshet.Cli.Shell;

/// <summary>How data and stats are shown.</summary>
internal static class ZnodeText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The data as text; in hexadecimal when it is none.</summary>
    public static string Data(byte[]? data) => data is null ? "null" : Decode(data) ?? "0x" + Convert.ToHexStringLower(data);

    /// <summary>For programs: a text, or base 64 when it is none.</summary>
    public static object ForJson(string path, ZnodeData znode) => new
    {
        path,
        text = znode.Data is null ? null : Decode(znode.Data),
        base64 = znode.Data is not null && Decode(znode.Data) is null ? Convert.ToBase64String(znode.Data) : null,
        stat = znode.Stat,
    };

    /// <summary>The fields by the names and in the order that zkCli has.</summary>
    public static string Show(Stat stat) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
         cZxid = 0x{stat.Czxid:x}
         ctime = {Time(stat.Ctime)}
         mZxid = 0x{stat.Mzxid:x}
         mtime = {Time(stat.Mtime)}
         pZxid = 0x{stat.Pzxid:x}
         cversion = {stat.Cversion}
         dataVersion = {stat.Version}
         aclVersion = {stat.Aversion}
         ephemeralOwner = 0x{stat.EphemeralOwner:x}
         dataLength = {stat.DataLength}
         numChildren = {stat.NumChildren}
         """);

    public static string Child(string parent, string name) => parent == "/" ? "/" + name : $"{parent}/{name}";

    private static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);

    private static string? Decode(byte[] data)
    {
        try
        {
            string text = Strict.GetString(data);
            return text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
