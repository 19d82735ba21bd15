using System.CommandLine;
using Storefront.Jobs;

var root = new RootCommand("A shop on Freshet: coordination service, broker, stream topologies and web pages in one process.")
{
    JobCommand.Create(),
    VerifyCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
