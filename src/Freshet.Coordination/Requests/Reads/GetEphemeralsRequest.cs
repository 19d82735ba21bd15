using Freshet.Protocol.Jute;

namespace Freshet.Coordination.Requests.Reads;

/// <summary>getEphemerals: paths of the session's own ephemeral znodes that begin with a prefix.</summary>
internal static class GetEphemeralsRequest
{
    public static ErrorCode Answer(in ReadContext context, ref JuteReader request, JuteWriter reply)
    {
        string? prefix = request.ReadString()?.Trim();
        IEnumerable<string> paths = context.State.Tree.Ephemerals.PathsOf(context.Connection.Session!.Id);
        reply.WriteStrings(prefix is null or "" or "/" ? [.. paths] : [.. paths.Where(path => path.StartsWith(prefix, StringComparison.Ordinal))]);
        return ErrorCode.Ok;
    }
}
