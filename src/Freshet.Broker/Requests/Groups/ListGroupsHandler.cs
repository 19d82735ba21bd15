using Freshet.Broker.Groups;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Groups;

/// <summary>Lists the groups that this broker keeps; a client asks every broker.</summary>
internal sealed class ListGroupsHandler(GroupCoordinator groups) : RequestHandler<ListGroupsRequest>
{
    private const string Classic = "classic";
    private const string Consumer = "consumer";

    public override ApiKey Key => ApiKey.ListGroups;

    public override short MinVersion => 0;

    public override short MaxVersion => 5;

    protected override ValueTask<IKafkaWritable?> HandleAsync(ListGroupsRequest request, RequestContext context, CancellationToken cancellation)
    {
        bool all = context.AllowsCluster(AclOperation.Describe);
        return new(new ListGroupsResponse(
            ErrorCode.None,
            [
                .. groups.All.Where(group => all || context.AllowsGroup(AclOperation.Describe, group.Id)).Select(List)
                    .Where(group => Matches(request.States, group.State) && Matches(request.Types, group.Type)),
            ]));
    }

    private static ListedGroup List(Group group)
    {
        lock (group)
        {
            return group.Consumer is null
                ? new ListedGroup(group.Id, group.ProtocolType ?? "", group.StateName, Classic)
                : new ListedGroup(group.Id, Consumer, group.StateName, Consumer);
        }
    }

    private static bool Matches(IReadOnlyList<string> wanted, string value) => wanted.Count == 0 || wanted.Contains(value, StringComparer.OrdinalIgnoreCase);
}
