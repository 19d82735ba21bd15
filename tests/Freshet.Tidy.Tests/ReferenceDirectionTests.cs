using System.Xml.Linq;
using Freshet.Tests.Support;

namespace Freshet.Tidy.Tests;

/// <summary>References run one way; see ARCHITECTURE.md.</summary>
public class ReferenceDirectionTests
{
    /// <summary>What each project under src/ may reference. A new project is added here with a reason in docs/decisions.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Freshet.Protocol"] = [],
        ["Freshet.Storage"] = ["Freshet.Protocol"],
        ["Freshet.Coordination"] = ["Freshet.Protocol", "Freshet.Storage"],
        ["Freshet.Coordination.Client"] = ["Freshet.Protocol"],
        ["Freshet.Broker"] = ["Freshet.Protocol", "Freshet.Storage", "Freshet.Coordination.Client"],
        ["Freshet.Streams"] = ["Freshet.Storage"],
        ["Freshet.Streams.Kafka"] = ["Freshet.Streams"],
        ["Freshet.Node"] = ["Freshet.Coordination", "Freshet.Broker"],
        ["Freshet.Cli"] = ["Freshet.Node"],
    };

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out string[]? allowed), $"{project} is not listed in {nameof(ReferenceDirectionTests)}.");
        Assert.Empty(ReferencesOf($"src/{project}/{project}.csproj").Except(allowed));
    }

    [Fact]
    public void The_storefront_uses_public_packages_only()
    {
        string[] references = [.. ReferencesOf("apps/Storefront/Storefront.csproj")];
        Assert.NotEmpty(references);
        Assert.Empty(references.Except(["Freshet.Node", "Freshet.Coordination.Client", "Freshet.Streams", "Freshet.Streams.Kafka"]));
        Assert.DoesNotContain("Storefront\"", Sources.Text("Directory.Build.targets"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> ReferencesOf(string projectFile) =>
        XDocument.Parse(Sources.Text(projectFile)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
}
