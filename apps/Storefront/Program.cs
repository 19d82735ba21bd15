using System.CommandLine;
using Storefront.Hosting;
using Storefront.Jobs;

var root = new RootCommand("A shop on Freshet: coordination service, broker, stream topologies and web pages in one process.")
{
    JobCommand.Create(),
    VerifyCommand.Create(),
};
ShopCommand.AddTo(root);

// SIGTERM and SIGINT cancel the command's token; closing files and telling browsers takes a moment, never long.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
