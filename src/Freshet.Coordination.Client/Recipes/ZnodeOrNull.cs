using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Client.Recipes;

/// <summary>Reads a znode that may be missing, through lost connections.</summary>
internal static class ZnodeOrNull
{
    public static async ValueTask<ZnodeData?> ReadAsync(CoordinationClient client, string path, CancellationToken cancellation)
    {
        try
        {
            return await UntilAnswered.RepeatAsync(client, () => client.GetDataAsync(path, null, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (CoordinationException missing) when (missing.Error == ErrorCode.NoNode)
        {
            return null;
        }
    }
}
