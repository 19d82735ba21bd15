using System.Security.Cryptography;

namespace Storefront.Web;

/// <summary>Tells visitors apart by a random number in a cookie that lasts as long as the browser is open.</summary>
internal static class VisitorCookie
{
    private const string Name = "visitor";
    private const int Bytes = 12;

    /// <summary>The visitor's number; a new one when the browser brought none, or something else.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Request.Cookies[Name] is { Length: 2 * Bytes } known && known.All(char.IsAsciiHexDigitLower))
        {
            return known;
        }

        string visitor = RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);
        context.Response.Cookies.Append(Name, visitor, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
        return visitor;
    }
}
