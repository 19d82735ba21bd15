using Freshet.Broker.Access;

namespace Freshet.Broker.Tests.Access;

public class PrincipalRuleTests
{
    // The first four rules and subjects are those of Kafka's documentation of ssl.principal.mapping.rules.
    private const string Documented =
        "RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/, RULE:^CN=(.*?),OU=(.*?),O=(.*?),L=(.*?),ST=(.*?),C=(.*?)$/$1@$2/L, RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/L, DEFAULT";

    [Theory]
    [InlineData(Documented, "CN=serviceuser,OU=ServiceUsers,O=Unknown,L=Unknown,ST=Unknown,C=Unknown", "serviceuser")]
    [InlineData(Documented, "CN=adminUser,OU=Admin,O=Unknown,L=Unknown,ST=Unknown,C=Unknown", "adminuser@admin")]
    [InlineData(Documented, "OU=x,CN=Kafka.Node", "kafka.node")]
    [InlineData(Documented, "O=nothing else", "O=nothing else")]
    [InlineData("DEFAULT", "CN=a,O=b", "CN=a,O=b")]
    [InlineData("", "CN=a,O=b", "CN=a,O=b")]
    [InlineData("RULE:CN=(.*)/$1/U", "CN=alice", "ALICE")]
    [InlineData(@"RULE:CN=a\/(.*)/$1/", "CN=a/b", "b")]
    [InlineData("RULE:CN=x/y/", "CN=xx", null)]
    public void The_first_rule_that_fits_gives_the_name(string rules, string subject, string? expected) =>
        Assert.Equal(expected, PrincipalRule.ParseAll(rules).Select(rule => rule.Apply(subject)).FirstOrDefault(name => name is not null));

    [Theory]
    [InlineData("RULE:CN=(.*)")]
    [InlineData("RULE:CN=(.*)/$1")]
    [InlineData("CN=(.*)/$1/")]
    [InlineData("RULE:CN=(.*/$1/")]
    [InlineData("DEFAULT DEFAULT")]
    public void A_rule_that_cannot_be_read_is_refused(string rules) => Assert.Throws<FormatException>(() => PrincipalRule.ParseAll(rules));
}
