using Freshet.Broker.Authentication;
using Freshet.Coordination.Client;
using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;
using Microsoft.Extensions.Logging;

namespace Freshet.Broker.Requests.Authentication;

/// <summary>Sets and removes SCRAM credentials. For one user all of the request is done, or nothing.</summary>
internal sealed class AlterUserScramCredentialsHandler(ScramCredentials credentials, ILogger logger) : RequestHandler<AlterUserScramCredentialsRequest>
{
    public override ApiKey Key => ApiKey.AlterUserScramCredentials;

    public override short MinVersion => 0;

    public override short MaxVersion => 0;

    protected override async ValueTask<IKafkaWritable?> HandleAsync(AlterUserScramCredentialsRequest request, RequestContext context, CancellationToken cancellation)
    {
        string[] users = [.. request.Deletions.Select(deletion => deletion.User).Concat(request.Upsertions.Select(upsertion => upsertion.User)).Distinct()];
        if (!context.AllowsCluster(AclOperation.Alter))
        {
            return new AlterUserScramCredentialsResponse(
                [.. users.Select(user => new AlteredScramUser(user, ErrorCode.ClusterAuthorizationFailed, "Altering credentials needs Alter on the cluster."))]);
        }

        var results = new List<AlteredScramUser>();
        foreach (string user in users)
        {
            AlteredScramUser result = await AlterAsync(
                user, [.. request.Deletions.Where(deletion => deletion.User == user)], [.. request.Upsertions.Where(upsertion => upsertion.User == user)], cancellation)
                .ConfigureAwait(false);
            BrokerLog.CredentialsAltered(logger, user, context.Peer.Principal, context.Peer.Host, result.Error);
            results.Add(result);
        }

        return new AlterUserScramCredentialsResponse(results);
    }

    private async ValueTask<AlteredScramUser> AlterAsync(string user, ScramDeletion[] deletions, ScramUpsertion[] upsertions, CancellationToken cancellation)
    {
        if (Problem(user, deletions, upsertions) is var (error, message))
        {
            return new AlteredScramUser(user, error, message);
        }

        var changes = new Dictionary<ScramHash, ScramCredential?>();
        foreach (ScramDeletion deletion in deletions)
        {
            changes[ScramHash.Of(deletion.Mechanism)!] = null;
        }

        foreach (ScramUpsertion upsertion in upsertions)
        {
            ScramHash hash = ScramHash.Of(upsertion.Mechanism)!;
            changes[hash] = ScramCredential.Of(hash, upsertion.Salt, upsertion.SaltedPassword, upsertion.Iterations);
        }

        try
        {
            await credentials.ChangeAsync(user, changes, cancellation).ConfigureAwait(false);
            return new AlteredScramUser(user, ErrorCode.None, null);
        }
        catch (CoordinationException failure)
        {
            return new AlteredScramUser(user, ErrorCode.NotController, $"The coordination service did not do it: {failure.Message}");
        }
    }

    private (ErrorCode, string)? Problem(string user, ScramDeletion[] deletions, ScramUpsertion[] upsertions)
    {
        ScramMechanismType[] mechanisms = [.. deletions.Select(deletion => deletion.Mechanism), .. upsertions.Select(upsertion => upsertion.Mechanism)];
        return user.Length == 0 ? (ErrorCode.UnacceptableCredential, "Username must not be empty")
            : mechanisms.Any(mechanism => ScramHash.Of(mechanism) is null) ? (ErrorCode.UnsupportedSaslMechanism, "Unknown SCRAM mechanism")
            : mechanisms.Distinct().Count() < mechanisms.Length ? (ErrorCode.DuplicateResource, "A user credential cannot be altered twice in the same request")
            : upsertions.Any(upsertion => upsertion.Iterations < ScramCredential.MinIterations) ? (ErrorCode.UnacceptableCredential, "Too few iterations")
            : upsertions.Any(upsertion => upsertion.Iterations > ScramCredential.MaxIterations) ? (ErrorCode.UnacceptableCredential, "Too many iterations")
            : upsertions.Any(upsertion => upsertion.Salt.Length == 0 || upsertion.SaltedPassword.Length != ScramHash.Of(upsertion.Mechanism)!.Bytes)
                ? (ErrorCode.UnacceptableCredential, "The salt is empty, or the salted password has not the hash's length")
            : deletions.Any(deletion => credentials.Find(ScramHash.Of(deletion.Mechanism)!, user) is null)
                ? (ErrorCode.ResourceNotFound, "Attempt to delete a user credential that does not exist")
            : null;
    }
}
