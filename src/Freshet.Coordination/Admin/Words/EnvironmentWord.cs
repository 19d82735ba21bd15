namespace Freshet.Coordination.Admin.Words;

/// <summary><c>envi</c>: version, machine and runtime as <c>key=value</c>.</summary>
internal static class EnvironmentWord
{
    public static void Envi(CoordinationServer server, BoundedText output)
    {
        output.WriteLine("Environment:");
        foreach ((string key, string value) in ServerEnvironment.Of(server))
        {
            output.WriteLine($"{key}={value}");
        }
    }
}
