using Freshet.Protocol.Kafka;
using Freshet.Protocol.Kafka.Messages;

namespace Freshet.Broker.Requests;

/// <summary>Tells what the broker speaks: the registered handlers.</summary>
internal sealed class ApiVersionsHandler : RequestHandler<ApiVersionsRequest>
{
    /// <summary>What clients use only when told that it is on: KIP-848's consumer groups, and KIP-890's epoch for each transaction.</summary>
    public static IReadOnlyList<FeatureLevel> Features { get; } = [new("group.version", 1), new("transaction.version", 2)];

    private readonly ApiVersionRange[] _ranges;

    public ApiVersionsHandler(IEnumerable<RequestHandler> others)
    {
        RequestHandler[] all = [.. others, this];
        Array.Sort(all, (one, other) => one.Key - other.Key);
        _ranges = Array.ConvertAll(all, handler => new ApiVersionRange(handler.Key, handler.MinVersion, handler.MaxVersion));
    }

    public override ApiKey Key => ApiKey.ApiVersions;

    public override short MinVersion => 0;

    public override short MaxVersion => 4;

    /// <summary>The answer to a version that is not spoken.</summary>
    public ApiVersionsResponse Unsupported() => new(ErrorCode.UnsupportedVersion, [new ApiVersionRange(Key, MinVersion, MaxVersion)]);

    protected override ValueTask<IKafkaWritable?> HandleAsync(ApiVersionsRequest request, RequestContext context, CancellationToken cancellation)
    {
        bool valid = context.Version < 3 || (IsValid(request.ClientSoftwareName) && IsValid(request.ClientSoftwareVersion));
        if (valid && context.Version >= 3)
        {
            (context.Peer.SoftwareName, context.Peer.SoftwareVersion) = (request.ClientSoftwareName!, request.ClientSoftwareVersion!);
        }

        return new(valid ? new ApiVersionsResponse(ErrorCode.None, _ranges) { Features = Features } : new ApiVersionsResponse(ErrorCode.InvalidRequest, []));
    }

    /// <summary>Letters, digits, dots and hyphens; the last two not at an end (KIP-511).</summary>
    private static bool IsValid(string? software) =>
        software is [var first, .., var last] && char.IsAsciiLetterOrDigit(first) && char.IsAsciiLetterOrDigit(last)
            ? software.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
            : software is [var only] && char.IsAsciiLetterOrDigit(only);
}
