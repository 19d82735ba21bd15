using System.Text;
using Freshet.Coordination.Tree;

namespace Freshet.Coordination.Tests.Tree;

public class QuotaLimitsTests
{
    [Theory]
    [InlineData("count=5,bytes=-1", 5, -1, -1, -1)]
    [InlineData("count=5,bytes=10=;byteHardLimit=20;countHardLimit=30", 5, 10, 30, 20)]
    [InlineData("count=-1,bytes=-1=;countHardLimit=3", -1, -1, 3, -1)]
    [InlineData("", -1, -1, -1, -1)]
    [InlineData("count=many,bytes", -1, -1, -1, -1)]
    [InlineData("unknown=7,bytes=8", -1, 8, -1, -1)]
    public void Limits_are_read_as_administrators_tools_write_them(string text, long count, long bytes, long hardCount, long hardBytes) =>
        Assert.Equal(new QuotaLimits(count, bytes, hardCount, hardBytes), QuotaLimits.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("/zookeeper/quota/app/zookeeper_limits", "/app", true)]
    [InlineData("/zookeeper/quota/app/a/zookeeper_stats", "/app/a", false)]
    [InlineData("/zookeeper/quota/app", "", false)]
    [InlineData("/zookeeper/quota/zookeeper_limits", "", true)]
    [InlineData("/zookeeper/quota/zookeeper/quota/zookeeper_limits", "", true)]
    [InlineData("/zookeeper/quota/zookeepers/zookeeper_limits", "/zookeepers", true)]
    public void A_quotas_path_tells_whom_it_is_for(string path, string target, bool isLimits)
    {
        Assert.Equal(target, QuotaPath.Target(path, out bool limits).ToString());
        Assert.Equal(isLimits, limits);
    }
}
