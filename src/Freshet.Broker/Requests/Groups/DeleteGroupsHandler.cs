using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Deletes groups without members, with their offsets.</summary>
internal sealed class DeleteGroupsHandler(GroupCoordinator groups) : RequestHandler<DeleteGroupsRequest>
{
    public override ApiKey Key => ApiKey.DeleteGroups;

    public override short MinVersion => 0;

    public override short MaxVersion => 3;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(DeleteGroupsRequest request, RequestContext context, CancellationToken cancellation)
    {
        var deleted = new List<DeletedGroup>();
        foreach (string id in request.Groups.Distinct())
        {
            ErrorCode error = groups.CheckKept(id, context, AclOperation.Delete);
            error = error != ErrorCode.None ? error : await groups.DeleteAsync(id, cancellation).ConfigureAwait(false);
            deleted.Add(new DeletedGroup(id, error, MessageOf(id, error)));
        }

        return new DeleteGroupsResponse(deleted);
    }

    private static string? MessageOf(string id, ErrorCode error) => error switch
    {
        ErrorCode.NonEmptyGroup => $"The group '{id}' has members.",
        ErrorCode.GroupIdNotFound => $"There is no group '{id}'.",
        _ => null,
    };
}
