namespace Storefront.Hosting;

/// <summary>Everything the shop logs.</summary>
internal static partial class StorefrontLog
{
    [LoggerMessage(1, LogLevel.Debug, "Kafka client: {Message}")]
    public static partial void Kafka(ILogger log, string message);

    [LoggerMessage(2, LogLevel.Information, "Campaigns changed: {Campaigns} campaigns, {Ads} ads")]
    public static partial void CampaignsChanged(ILogger log, int campaigns, int ads);

    [LoggerMessage(3, LogLevel.Warning, "The new campaigns cannot be used, the previous ones stay: {Problem}")]
    public static partial void CampaignsRejected(ILogger log, string problem);

    [LoggerMessage(4, LogLevel.Warning, "The campaigns are not watched at the moment, trying again: {Problem}")]
    public static partial void CampaignsUnwatched(ILogger log, string problem);

    [LoggerMessage(5, LogLevel.Error, "Topology {Topology} failed and starts again from its last checkpoint")]
    public static partial void TopologyFailed(ILogger log, Exception failure, string topology);

    [LoggerMessage(6, LogLevel.Warning, "What a simulated visitor did was lost: {Problem}")]
    public static partial void VisitorLost(ILogger log, string problem);

    [LoggerMessage(7, LogLevel.Error, "A picture for the live page could not be made")]
    public static partial void PictureFailed(ILogger log, Exception failure);
}
