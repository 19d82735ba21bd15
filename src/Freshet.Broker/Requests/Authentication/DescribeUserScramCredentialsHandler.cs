using Freshet.Broker.Authentication;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests.Authentication;

/// <summary>Tells which SCRAM credentials users have.</summary>
internal sealed class DescribeUserScramCredentialsHandler(ScramCredentials credentials) : RequestHandler<DescribeUserScramCredentialsRequest>
{
    private static readonly ScramHash[] Hashes = [ScramHash.Sha256, ScramHash.Sha512];

    public override ApiKey Key => ApiKey.DescribeUserScramCredentials;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override ValueTask<IKafkaWritable?> HandleAsync(DescribeUserScramCredentialsRequest request, RequestContext context, CancellationToken cancellation)
    {
        if (!context.AllowsCluster(AclOperation.Describe))
        {
            return new(new DescribeUserScramCredentialsResponse(ErrorCode.ClusterAuthorizationFailed, "Describing credentials needs Describe on the cluster.", []));
        }

        string[] asked = request.Users is { Count: > 0 } users ? [.. users.Select(user => user.Name)] : [.. credentials.Users.Order(StringComparer.Ordinal)];
        return new(new DescribeUserScramCredentialsResponse(
            ErrorCode.None, null, [.. asked.GroupBy(name => name).Select(same => Describe(same.Key, isTwice: same.Skip(1).Any()))]));
    }

    private DescribedScramUser Describe(string user, bool isTwice)
    {
        if (isTwice)
        {
            return new DescribedScramUser(user, ErrorCode.DuplicateResource, $"Cannot describe SCRAM credentials for the same user twice in a single request: {user}", []);
        }

        ScramCredentialInfo[] infos = [.. from hash in Hashes
                                          let credential = credentials.Find(hash, user)
                                          where credential is not null
                                          select new ScramCredentialInfo(hash.Type, credential.Iterations)];
        return infos.Length > 0
            ? new DescribedScramUser(user, ErrorCode.None, null, infos)
            : new DescribedScramUser(user, ErrorCode.ResourceNotFound, $"Attempt to describe a user credential that does not exist: {user}", []);
    }
}
