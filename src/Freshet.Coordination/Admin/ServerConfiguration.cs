namespace Freshet.Coordination.Admin;

/// <summary>The settings an administrator may see, with their names in <c>conf</c> and in JSON. Nothing secret is among them.</summary>
internal static class ServerConfiguration
{
    public static IEnumerable<(string Word, string Json, object Value)> Of(CoordinationServer server)
    {
        CoordinationOptions options = server.Options;
        yield return ("clientPort", "client_port", options.ClientPort);
        yield return ("secureClientPort", "secure_client_port", options.SecureClientPort);
        yield return ("dataDir", "data_dir", Path.GetFullPath(options.DataDirectory));
        yield return ("dataDirSize", "data_dir_size", DataSize(server));
        yield return ("dataLogDir", "data_log_dir", Path.GetFullPath(JournalDirectory(server)));
        yield return ("dataLogSize", "data_log_size", JournalSize(server));
        yield return ("tickTime", "tick_time", server.TickMs);
        yield return ("maxClientCnxns", "max_client_cnxns", options.MaxConnectionsPerAddress);
        yield return ("minSessionTimeout", "min_session_timeout", server.SessionTimeouts.Min);
        yield return ("maxSessionTimeout", "max_session_timeout", server.SessionTimeouts.Max);
        yield return ("serverId", "server_id", options.ServerId);
    }

    /// <summary>Bytes of the snapshots' folder.</summary>
    public static long DataSize(CoordinationServer server) => SizeOf(server.Options.DataDirectory);

    /// <summary>Bytes of the journal's folder.</summary>
    public static long JournalSize(CoordinationServer server) => SizeOf(JournalDirectory(server));

    private static string JournalDirectory(CoordinationServer server) => server.Options.JournalDirectory ?? server.Options.DataDirectory;

    private static long SizeOf(string directory) => new DirectoryInfo(directory).EnumerateFiles().Sum(Length);

    /// <summary>A file may be purged while it is looked at.</summary>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
